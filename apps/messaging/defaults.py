"""The texts that a new store starts with: (key, channel, subject, text)."""

from apps.messaging.choices import Channel, TemplateKey

_MAINTENANCE = (
    "{name}{title}您好：您的爱车{model}{plate}将于{date}前后到保养期，"
    "为保证行车安全，请预约到店保养，来店请带{bring}。"
)
_WARRANTY = (
    "{name}{title}您好：您的爱车{model}{plate}的质保将于{date}或行驶到{km}公里时到期（以先到者为准），"
    "到期前请来店做一次免费检查，来店请带{bring}。"
)
_INSPECTION = (
    "{name}{title}您好：您的爱车{model}{plate}的年检将于{date}到期，请提前办理；年检前欢迎来店检查，"
    "来店请带{bring}。"
)
TEXTS = [
    (
        TemplateKey.FIRST_SERVICE,
        Channel.SMS,
        "",
        "【{store}】{name}{title}您好：您的爱车{model}{plate}请于{date}前、{km}公里内"
        "（以先到者为准）来店做首次保养，来店请带{bring}。客服多次致电未能接通，特此提醒。",
    ),
    (TemplateKey.MAINTENANCE, Channel.SMS, "", "【{store}】" + _MAINTENANCE),
    (
        TemplateKey.MAINTENANCE,
        Channel.EMAIL,
        "{store}：您的爱车{plate}保养提醒",
        _MAINTENANCE + "\n\n客服多次致电未能接通，特此提醒。\n\n{store}",
    ),
    (
        TemplateKey.BIRTHDAY,
        Channel.SMS,
        "",
        "【{store}】{name}{title}：今天是您的生日，{store}全体员工祝您生日快乐，身体健康，一路平安！",
    ),
    (
        TemplateKey.NOT_YET,
        Channel.SMS,
        "",
        "【{store}】{name}{title}您好：感谢接听客服来电。您的爱车{model}{plate}"
        "预计于{date}前后到保养期，届时恭候您预约到店。",
    ),
    (
        TemplateKey.APPOINTMENT_BOOKED,
        Channel.SMS,
        "",
        "【{store}】{name}{title}您好：已为您的爱车{plate}预约{date}{time}到店。"
        "查看、确认、改约或取消请点 {link}",
    ),
    (
        TemplateKey.APPOINTMENT_MOVED,
        Channel.SMS,
        "",
        "【{store}】{name}{title}您好：您的爱车{plate}已改约到{date}{time}。"
        "查看、确认、改约或取消请点 {link}",
    ),
    (
        TemplateKey.APPOINTMENT_CANCELLED,
        Channel.SMS,
        "",
        "【{store}】{name}{title}您好：您的爱车{plate}{date}{time}的到店预约已取消。"
        "需要再约请致电本店。",
    ),
    (
        TemplateKey.APPOINTMENT_REMINDER,
        Channel.SMS,
        "",
        "【{store}】{name}{title}您好：提醒您爱车{plate}预约了{date}{time}到店，"
        "来店请带{bring}。确认、改约或取消请点 {link}",
    ),
    (TemplateKey.WARRANTY, Channel.SMS, "", "【{store}】" + _WARRANTY),
    (
        TemplateKey.WARRANTY,
        Channel.EMAIL,
        "{store}：您的爱车{plate}质保即将到期",
        _WARRANTY + "\n\n客服多次致电未能接通，特此提醒。\n\n{store}",
    ),
    (TemplateKey.INSPECTION, Channel.SMS, "", "【{store}】" + _INSPECTION),
    (
        TemplateKey.INSPECTION,
        Channel.EMAIL,
        "{store}：您的爱车{plate}年检提醒",
        _INSPECTION + "\n\n客服多次致电未能接通，特此提醒。\n\n{store}",
    ),
    (
        TemplateKey.SURVEY,
        Channel.SMS,
        "",
        "【{store}】{name}{title}您好：诚邀您用两三分钟为本次购车经历打分，您的意见对我们很重要。"
        "请点 {link} （{date}前有效）",
    ),
]
