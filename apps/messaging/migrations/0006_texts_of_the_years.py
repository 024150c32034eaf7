import datetime

from django.db import migrations

ASKED_IN_VAIN = "\n\n客服多次致电未能接通，特此提醒。\n\n{store}"
TEXTS = {
    "warranty": (
        "{store}：您的爱车{plate}质保即将到期",
        "{name}{title}您好：您的爱车{model}{plate}的质保将于{date}或行驶到{km}公里时到期（以先到者为准），"
        "到期前请来店做一次免费检查，来店请带{bring}。",
    ),
    "inspection": (
        "{store}：您的爱车{plate}年检提醒",
        "{name}{title}您好：您的爱车{model}{plate}的年检将于{date}到期，请提前办理；年检前欢迎来店检查，"
        "来店请带{bring}。",
    ),
}


def give_every_store_the_texts(apps, schema_editor):
    """A store that is there already gets what a new one starts with."""
    template = apps.get_model("messaging", "MessageTemplate")
    rows = []
    for store in apps.get_model("accounts", "Store").objects.values_list("pk", flat=True):
        same = {
            "store_id": store,
            "effective_from": datetime.date(2000, 1, 1),
            "purpose": "service",
        }
        for key, (subject, text) in TEXTS.items():
            rows.append(template(key=key, channel="sms", text="【{store}】" + text, **same))
            mail = {"channel": "email", "subject": subject, "text": text + ASKED_IN_VAIN}
            rows.append(template(key=key, **mail, **same))
    template.objects.bulk_create(rows)


class Migration(migrations.Migration):

    dependencies = [
        ("accounts", "0001_initial"),
        ("messaging", "0005_batches"),
    ]

    operations = [
        migrations.RunPython(give_every_store_the_texts, migrations.RunPython.noop),
    ]
