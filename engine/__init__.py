"""Gendan's engine: runs BPMN process definitions durably and decides who may do what."""
