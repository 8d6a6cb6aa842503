"""The shape in which codes pass from rule to rule: the surest span of each code."""

from alliance_sim.domain.codes import Code, CodedSpan

Spans = dict[Code, CodedSpan]
