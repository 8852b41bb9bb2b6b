"""Speed and memory of the flow model, beside other simulators and a floor."""
