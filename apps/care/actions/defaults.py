"""What a new store starts with."""

from datetime import date

from apps.accounts.models import Store
from apps.care.choices import CallKind
from apps.care.models import CarePolicy, Script
from apps.core.actions import action

FROM_THE_START = date(2000, 1, 1)

# Spoken to customers, so Chinese whatever the language of the pages (CARE-01, CARE-02).
SCRIPTS: dict[str, tuple[str, list[str]]] = {
    CallKind.FIRST_SERVICE: (
        """“您好，请问是{name}{title}吗？我是{store}客服专员{specialist}，占用您一分钟方便吗？”
“您的{model}交车已有两个多月了，近期用车情况怎么样？有没有异响、故障灯，或是使用上不清楚的地方？”
“提醒您，首次保养请在{due}之前，或行驶到{km}公里之前来店做，以先到者为准。您现在大约跑了多少公里？”
“来店请带上保养手册和行驶证。我现在帮您预约，这周六上午方便吗？”
“感谢您的接听，祝您用车愉快，再见。”""",
        ["询问近期车况", "首保时间与里程", "询问当前里程", "携带保养手册、行驶证"],
    ),
    CallKind.MAINTENANCE: (
        """“您好，请问是{name}{title}吗？我是{store}客服专员{specialist}，占用您一分钟方便吗？”
“您的{model}（{plate}）近期用车情况怎么样？开着还顺手吗？”
“按您的用车里程推算，下次保养大约在{due}，或行驶到{km}公里，以先到者为准。您现在大约跑了多少公里？”
“来店请带上保养手册和行驶证，提前预约不用排队。帮您约在哪一天方便？”
“感谢您的接听，祝您行车平安，再见。”""",
        ["询问近期车况", "保养时间与里程", "询问当前里程", "携带物品", "邀请预约"],
    ),
    CallKind.AT_RISK: (
        """“您好，请问是{name}{title}吗？我是{store}客服专员{specialist}，占用您一分钟方便吗？”
“您的{model}（{plate}）按计划{due}就该保养了，还没见到您来店，最近用车还好吗？”
“您现在大约跑了多少公里？是暂时没有时间，还是已经在别的地方做过保养了？”
“超期不保养会影响发动机寿命，也可能影响质保。我帮您约一个方便的时间，到店优先安排，好吗？”
“您对我们的服务有什么意见，也请告诉我，我会转给服务经理。感谢您的接听，再见。”""",
        ["询问近期车况", "说明已到保养期", "询问当前里程", "询问未回厂原因", "邀请预约"],
    ),
    CallKind.CHURN: (
        """“您好，请问是{name}{title}吗？我是{store}客服专员{specialist}，占用您一分钟方便吗？”
“您的{model}（{plate}）有一段时间没有回店了，很惦记您的用车情况，近来一切都好吗？”
“您现在大约跑了多少公里？这段时间的保养是在哪里做的？方便告诉我店名、位置和大概费用吗？”
“如果我们有做得不到的地方，请您直说，我一定如实转达。”
“欢迎您随时回店做一次免费的车辆检查，我帮您约一个时间，好吗？感谢您的接听，再见。”""",
        ["询问近期车况", "询问当前里程", "询问未回厂原因", "他店名称、位置、费用", "邀请回店"],
    ),
    CallKind.BIRTHDAY: (
        """“您好，请问是{name}{title}吗？我是{store}客服专员{specialist}。”
“今天是您的生日，{store}全体同事祝您生日快乐，身体健康，阖家幸福！”
“感谢您一直以来的信任。用车上有任何需要，随时给我们打电话。再见。”""",
        ["送上生日祝福"],
    ),
    CallKind.SERVICE_FOLLOW_UP: (
        """“您好，请问是{name}{title}吗？我是{store}客服专员{specialist}，占用您一分钟方便吗？”
“您的{model}（{plate}）{due}在我们店做了维修保养，车开着怎么样，问题都解决了吗？”
“您对这次的接待、维修质量、价格和等候时间满意吗？请您在很好、好、一般、不满意当中选一个。”
“有不满意的地方请您直说，我马上转给售后经理，尽快给您答复。”
“感谢您的接听，祝您行车平安，再见。”""",
        ["询问用车情况", "询问满意度", "不满意问明原因"],
    ),
    CallKind.NO_SHOW: (
        """“您好，请问是{name}{title}吗？我是{store}客服专员{specialist}，占用您一分钟方便吗？”
“您的{model}（{plate}）预约了{due}到店，那天没有等到您，是临时有事吗？”
“车子现在用着还好吗？您现在大约跑了多少公里？”
“我现在帮您重新约一个方便的时间，当天为您留好工位和技师，好吗？”
“来店请带上保养手册和行驶证。感谢您的接听，再见。”""",
        ["询问未到店原因", "询问近期车况", "重新预约", "携带物品"],
    ),
}


@action
def add_defaults(store: Store) -> None:
    """The policy and scripts that a new store starts with."""
    CarePolicy.objects.create(store=store, effective_from=FROM_THE_START)
    Script.objects.bulk_create(
        Script(store=store, kind=kind, version=1, text=text, points=points)
        for kind, (text, points) in SCRIPTS.items()
    )
