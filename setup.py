from setuptools import setup

name = "bangfu_app"

setup()
