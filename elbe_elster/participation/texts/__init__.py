"""Free texts on their way into public: what in them could tell who wrote or who is meant."""
