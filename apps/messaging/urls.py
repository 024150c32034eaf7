"""Addresses of this floor."""

from django.urls import path

from apps.messaging import views

app_name = "messaging"
urlpatterns = [
    path("messages/", views.message_list, name="message-list"),
    path("messages/unknown/", views.unknown_list, name="unknown-list"),
    path("messages/<int:pk>/settle/", views.message_settle, name="message-settle"),
    path("replies/", views.reply_list, name="reply-list"),
    path("replies/<int:pk>/done/", views.reply_done, name="reply-done"),
    path("aliyun/receipts/", views.aliyun_receipts, name="aliyun-receipts"),
    path("aliyun/replies/", views.aliyun_replies, name="aliyun-replies"),
    path("templates/", views.template_list, name="template-list"),
    path("templates/new/", views.template_new, name="template-new"),
    path("quiet-hours/", views.quiet_hours, name="quiet-hours"),
]
