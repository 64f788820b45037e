from guixin.channels.models.importing import Import, ImportedLine

__all__ = ["Import", "ImportedLine"]
