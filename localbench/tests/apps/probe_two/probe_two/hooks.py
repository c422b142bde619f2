app_name = "probe_two"
app_title = "Probe Two"
app_publisher = "Probe"
app_description = "Second sample app: customises the first"
app_email = "probe@example.org"
app_license = "MIT"

required_apps = ["probe_one"]
before_uninstall = "probe_two.events.before_uninstall"
doc_events = {"Probe Visit": {"validate": "probe_two.events.seen"}}
fixtures = [{"dt": "Role", "filters": [["name", "=", "Probe Auditor"]]}]
