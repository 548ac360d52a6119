"""Pages at addresses of their own, without map or script: a commune, a département, an activity, a product."""
