"""What a coordinator and a board are told of the weekly counts. Pure: the counts come in, figures go out."""
