"""What is said on the network: word lists, accounts and topics as data. All of it is made up."""
