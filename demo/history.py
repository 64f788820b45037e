"""Everything that happened before today, loaded into a firm that has just been set up."""
from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from time import process_time

from demo import ninety_days, telling

def load(present, say, last=30):
    cast = telling.Cast()
    began = present - timedelta(days=91)
    customers = ninety_days.known_customers(began)
    plans = ninety_days.ordinary_days(cast, present, last)
    telling.count_numbers_here()
    for n, plan in enumerate(plans, 1000):
        plan.number = n * 2
        plan.second_number = n * 2 + 1 if "comes twice" in plan.turns else 0
    telling.keep_numbers_free(5000)
    for plan in reversed(plans):
        t = process_time()
        told = telling.Telling(cast, present, Random(plan.number))
        told.begin(plan.at, ninety_days.the_desk(told, plan, customers))
        told.run()
    telling.count_numbers_as_usual()
