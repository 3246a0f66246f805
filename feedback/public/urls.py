from django.urls import path

from feedback.public import views

app_name = "public"
urlpatterns = [
    path("", views.landing, name="landing"),
    path("phan-anh/", views.send, name="send"),
    path("phan-anh/kin/", views.send, {"in_secret": True}, name="secret"),
    path("thoat/", views.leave, name="leave"),
    path("phan-anh/co-so.json", views.facilities, name="facilities"),
    path("tra-cuu/", views.follow, name="follow"),
    path("duong-day-nong/", views.register, name="register"),
    path("cong-khai/", views.results, name="results"),
]
