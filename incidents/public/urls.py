from django.urls import path

from incidents.public import views

app_name = "staff"
urlpatterns = [
    path("su-co/", views.send, name="send"),
    path("su-co/theo-doi/", views.follow, name="follow"),
    path("su-co/co-so.json", views.facilities, name="facilities"),
    path("su-co/<str:code>/", views.send, name="send_at"),  # the address behind a facility's own QR code
]
