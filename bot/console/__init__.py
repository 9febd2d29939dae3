"""The web pages. One module for each page; words in locales/*/LC_MESSAGES/console.po."""
