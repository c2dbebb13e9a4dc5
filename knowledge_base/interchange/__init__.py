"""Files in and out: tables of offers and providers, whatever shape strangers gave them."""
