from django.urls import path

from accounts import views

app_name = "accounts"
urlpatterns = [path("ngon-ngu/", views.choose_language, name="language")]
