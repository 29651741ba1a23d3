"""How a skill is declared, wrapped and run: Context, skills, database, files, runner, typed asking of a model."""
