"""What promises of treatment are judged by 治理效果评估: readings of the observation store."""
