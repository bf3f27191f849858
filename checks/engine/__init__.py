"""What runs the checks: findings, catalogue, settings, waivers, the plugin."""
