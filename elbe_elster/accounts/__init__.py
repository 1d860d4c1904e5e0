"""Who uses the portal: people, their roles, their administration's seat in the circle."""
