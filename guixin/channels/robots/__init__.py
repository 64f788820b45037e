"""Notices in the firm's chats, by one layer (docs/staff-notices.md): merged, within the limits of each chat, nothing lost.

keeping.py    which robots there are, and a test message
gathering.py  whose notices a robot posts, and when it may speak
cards.py      what it says: title, facts, one button; never about the customer
dingtalk.py, wecom.py, feishu.py, plain.py   how each chat wants to hear it, and how it answers
sending.py    one message on its way
"""
