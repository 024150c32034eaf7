from django.db import migrations

SCRIPTS = {
    "warranty": (
        """“您好，请问是{name}{title}吗？我是{store}客服专员{specialist}，占用您一分钟方便吗？”
“您的{model}（{plate}）的质保将在{due}或行驶到{km}公里时到期，以先到者为准，近期用车情况怎么样？有没有想让我们看一看的地方？”
“您现在大约跑了多少公里？”
“质保到期之前，我们请您来店做一次免费检查：属于质保范围内的问题，现在处理不用您花费。”
“来店请带上保养手册和行驶证。我现在帮您预约，哪一天方便？感谢您的接听，再见。”""",
        ["询问近期车况", "质保到期时间与里程", "询问当前里程", "邀请免费检查", "携带保养手册、行驶证"],
    ),
    "inspection": (
        """“您好，请问是{name}{title}吗？我是{store}客服专员{specialist}，占用您一分钟方便吗？”
“您的{model}（{plate}）到{due}就该年检了，提醒您提前办理，逾期会影响上路。”
“近期用车情况怎么样？您现在大约跑了多少公里？”
“年检前可以先来店做一次检查，灯光、刹车、尾气有问题的先处理好，一次就能过。”
“请备好行驶证、交强险保单和三角警示牌，并先处理完违章。我现在帮您预约，哪一天方便？感谢您的接听，再见。”""",
        ["年检到期日", "询问近期车况", "询问当前里程", "邀请检前检查", "携带行驶证、交强险保单"],
    ),
    "insurance": (
        """“您好，请问是{name}{title}吗？我是{store}保险专员{specialist}，占用您一分钟方便吗？”
“您的{model}（{plate}）的保险将在{due}到期，提醒您提前续保，避免脱保。今年的保险您已经办了吗？是在哪家办的，保到哪一天？”
“如果还没有办，我可以按您去年的险种，替您算一份今年的报价，在店续保，出险、定损、维修都由我们一起办。”
“近期有没有过户、改地址，或是打算增减的险种？”
“报价我稍后发给您，您看什么时间方便再联系？感谢您的接听，祝您行车平安，再见。”""",
        ["保险到期日", "询问是否已续保、保险公司", "介绍在店续保", "约定报价与再联系时间"],
    ),
    "insurance_check": (
        """“您好，请问是{name}{title}吗？我是{store}客服专员{specialist}，占用您一分钟方便吗？”
“想跟您核实一下：您的{model}（{plate}）的保险快到期了，我们的保险专员近期有没有打电话提醒过您？”
“当时跟您说的到期日和续保办法，和您了解的一样吗？有没有没讲清楚，或是和实际不一样的地方？”
“您的意见我会如实记下，转给保险部门。感谢您的接听，祝您行车平安，再见。”""",
        ["核实是否接到电话", "核实内容是否相符", "记录差异"],
    ),
    "activity_recall": (
        """“您好，请问是{name}{title}吗？我是{store}客服专员{specialist}，占用您一分钟方便吗？”
“{due}我们店举办客户关怀活动，现场有车辆免费检查和用车讲座，特地邀请您来参加。”
“您的{model}近期用车情况怎么样？那天您方便过来吗？大概几位一起来？”
“我先帮您报上名，活动前一天再提醒您。来店请带上行驶证。感谢您的接听，再见。”""",
        ["介绍活动时间与内容", "询问近期车况", "邀请报名", "询问人数"],
    ),
}


def give_every_store_the_scripts(apps, schema_editor):
    """A store that is there already gets what a new one starts with."""
    script = apps.get_model("care", "Script")
    stores = list(apps.get_model("accounts", "Store").objects.values_list("pk", flat=True))
    there = set(script.objects.filter(kind__in=SCRIPTS).values_list("store", "kind"))
    script.objects.bulk_create(
        script(store_id=store, kind=kind, version=1, text=text, points=points)
        for store in stores
        for kind, (text, points) in SCRIPTS.items()
        if (store, kind) not in there
    )


class Migration(migrations.Migration):

    dependencies = [
        ("accounts", "0001_initial"),
        ("care", "0014_measures_of_calls"),
    ]

    operations = [
        migrations.RunPython(give_every_store_the_scripts, migrations.RunPython.noop),
    ]
