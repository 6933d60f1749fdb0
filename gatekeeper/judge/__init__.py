"""What is judged: the policy, the rules, the comment judge and the matching of people. Pure."""
