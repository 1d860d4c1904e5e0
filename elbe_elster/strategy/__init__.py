"""Room 1, public: the digital strategy, its fields, goals and measures."""
