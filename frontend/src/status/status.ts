import { createApp } from 'vue'
import '../app/tokens.css'
import './page.css'
import { readReports } from './figures'
import StatusPage from './StatusPage.vue'

createApp(StatusPage, { reports: readReports(document) }).mount('#app')
