from django.apps import AppConfig


class GuixinConfig(AppConfig):
    name = "guixin"
    label = "guixin"

    def ready(self):
        from guixin import reactions  # noqa: F401  wires every consequence once all models are loaded
