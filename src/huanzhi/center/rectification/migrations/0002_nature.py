from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("rectification", "0001_initial")]

    operations = [
        migrations.RenameField("item", "sort", "nature"),
        migrations.RenameField("task", "sort", "nature"),
    ]
