"""Teams of business advisers, their clients, and the businesses that asked for a person."""
