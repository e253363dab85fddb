"""What hands do in their guests: functions that hand.py calls by name. Standard library only, but for the harness's."""
