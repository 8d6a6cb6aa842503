"""Line mode: for screen readers, pipes and automation."""
