"""Emulation (thi đua): scores with visible parts, and what people propose and decide on them."""
