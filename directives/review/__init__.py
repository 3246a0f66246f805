"""The review after nine months: what indicators say, beside the same months of the year before."""
