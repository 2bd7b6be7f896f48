"""网站管理: applying for a site, describing it, composing its home, its life, and the switches for all sites."""
