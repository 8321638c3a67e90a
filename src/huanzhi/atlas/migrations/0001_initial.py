from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="MapSource",
            fields=[
                ("revision", models.PositiveIntegerField(default=0)),
                ("valid_from", models.DateField(blank=True, null=True)),
                ("valid_to", models.DateField(blank=True, null=True)),
                ("simulated", models.BooleanField(default=False)),
                ("code", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("source", models.CharField(blank=True, max_length=300)),
                ("file", models.CharField(blank=True, max_length=300)),
                ("datum", models.CharField(max_length=20)),
                ("day", models.DateField(blank=True, null=True)),
                ("approval", models.CharField(blank=True, max_length=100)),
                ("features", models.PositiveIntegerField(default=0)),
                ("sha256", models.CharField(max_length=64)),
            ],
            options={
                "ordering": ["code"],
            },
        ),
    ]
