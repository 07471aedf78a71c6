"""How the staff's rooms write moments: in Belgium's way of each language (look, "Tone"), not in that of another country."""
