"""What upstream's ui_test_helpers.py gives to other tests."""

UI_TEST_USER = "frappe@example.com"
