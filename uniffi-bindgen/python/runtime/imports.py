from __future__ import annotations

import atexit
import builtins
import contextlib
import ctypes
import dataclasses
import datetime
import enum
import io
import itertools
import operator
import os
import struct
import sys
import time
import typing
