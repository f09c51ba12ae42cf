"""Two small problems and their solutions."""

#: Two similar triangles, cut by a parallel: 5 steps with dependencies.
SIMILAR = """
problem similar:
    construct Shape(AD,DE,EA), Shape(DB,BC,CE,ED), Collinear(ADB), Collinear(AEC)
    given ParallelBetweenLine(DE,BC), LengthOfLine(AD) = 3, LengthOfLine(DB) = 6, LengthOfLine(DE) = 4
    find  LengthOfLine(BC)
    answer 12
"""
#: An isosceles triangle: the angle at the top.
ISOSCELES = """
problem isosceles:
    construct Shape(AB,BC,CA), Shape(AC,CD), Collinear(BCD)
    given LengthOfLine(AB) = LengthOfLine(AC), MeasureOfAngle(ACD) = 110
    find  MeasureOfAngle(CAB)
    answer 40
"""

SIMILAR_STEPS = [
    "line_addition(1,AD,DB)",
    "parallel_property_corresponding_angle(1,DE,BC,A)",
    "similar_triangle_judgment_aa(1,EAD,CAB)",
    "similar_triangle_property_line_ratio(1,ADE,ABC)",
    "similar_triangle_property_line_ratio(1,EAD,CAB)",
]
ISOSCELES_STEPS = [
    "isosceles_triangle_judgment_line_equal(1,ABC)",
    "isosceles_triangle_property_angle_equal(1,ABC)",
    "adjacent_complementary_angle(1,BCA,ACD)",
    "triangle_property_angle_sum(1,ABC)",
]
