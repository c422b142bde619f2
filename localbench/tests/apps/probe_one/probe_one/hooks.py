app_name = "probe_one"
app_title = "Probe One"
app_publisher = "Probe"
app_description = "First sample app"
app_email = "probe@example.org"
app_license = "MIT"

after_install = "probe_one.events.after_install"
after_migrate = "probe_one.events.after_migrate"
doc_events = {"Probe Visit": {"validate": "probe_one.events.seen"}}
scheduler_events = {"daily": ["probe_one.events.daily"]}
fixtures = ["Workflow State", "Workflow Action Master", "Workflow"]
