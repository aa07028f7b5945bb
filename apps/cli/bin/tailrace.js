#!/usr/bin/env node
// A file that is there before the first build, so that an install can link the command.
import '../dist/main.js';
