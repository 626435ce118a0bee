app_name = "comparisons"
urlpatterns = []
