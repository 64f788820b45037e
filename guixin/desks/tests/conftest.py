from guixin.desks.tests.desk import noon

__all__ = ["noon"]
