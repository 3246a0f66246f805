"""The words of the returns. They are Vietnamese documents under Vietnamese law, whoever looks at them, and stand here
rather than in the catalogue, so that a signed one never changes with a translation."""

from incidents.choices import ActionStatus, AnalysisStatus, Capacity, Strength

DUTY = "Số lượng báo cáo bắt buộc và tự nguyện"
DUTIES = {True: "Bắt buộc (NC3)", False: "Tự nguyện (NC0–NC2)"}
LETTERS = "Theo nhóm mức độ tổn thương (Phụ lục I)"
LEVELS = "Theo cấp độ nguy cơ (NC)"
TYPES = "Theo nhóm sự cố (Phụ lục IV, mục A.II)"
BOXES = "Tần suất từng loại sự cố"
SERIOUS = "Theo danh mục sự cố y khoa nghiêm trọng (Phụ lục II)"
NOT_SERIOUS = "Không thuộc danh mục"
PLACES = "Theo nơi xảy ra"
KINDS = "Theo loại hình cơ sở"
SUBJECTS = "Theo đối tượng xảy ra sự cố"
REPORTERS = "Theo người báo cáo"
ANALYSES = "Phân tích nguyên nhân gốc"
CAUSES = "Theo nhóm nguyên nhân (Phụ lục IV, mục A.IV)"
STANDS = {
    AnalysisStatus.ACCEPTED: "Đã kết thúc: Sở Y tế chấp nhận",
    AnalysisStatus.SUBMITTED: "Đang mở: đã gửi Sở Y tế",
    AnalysisStatus.RETURNED: "Đang mở: Sở Y tế yêu cầu bổ sung",
    AnalysisStatus.DRAFT: "Đang mở: cơ sở đang lập",
    "missing": "Chưa lập (sự cố bắt buộc)",
    "voluntary": "Không lập (sự cố tự nguyện)",
}
ACTIONS = "Giải pháp khắc phục lập trong kỳ, theo tình trạng"
ACTION_STANDS = {
    ActionStatus.EFFECTIVE: "Đã đánh giá: có hiệu quả",
    ActionStatus.VERIFIED: "Đã được xác nhận, chờ đánh giá hiệu quả",
    ActionStatus.DONE: "Đã thực hiện, chờ xác nhận",
    ActionStatus.OPEN: "Đang thực hiện",
    ActionStatus.REOPENED: "Phải xem xét lại",
    ActionStatus.WITHDRAWN: "Không thực hiện nữa",
}
BY_STRENGTH = "Giải pháp khắc phục lập trong kỳ, theo độ mạnh"
STRENGTHS = {Strength.STRONG: "Mạnh", Strength.INTERMEDIATE: "Trung bình", Strength.WEAK: "Yếu"}
UNTICKED, REPEATED = "Chưa phân loại", "Trừ phần đếm lặp (một sự cố thuộc nhiều nhóm)"
ELSEWHERE, UNSAID = "Nơi khác", "Không ghi"
REMAINDERS = (NOT_SERIOUS, ELSEWHERE, UNSAID, UNTICKED, REPEATED)  # at the foot of a table, in this order
TOTAL, COUNT, SHARE, BEFORE = "Tổng số", "Số lượng", "Tỷ lệ", "Kỳ trước"

SYNTHESIS = "BÁO CÁO TỔNG HỢP SỰ CỐ Y KHOA"
LETTER = "BÁO CÁO KHUYẾN CÁO PHÒNG NGỪA SỰ CỐ Y KHOA"
TO = {"half_year": "Kính gửi: Sở Y tế", "quarter": "Kính gửi: Bộ Y tế (Cục Quản lý Khám, chữa bệnh)"}
GROUNDS = {
    "half_year": "Thực hiện Điều 6 khoản 1 Thông tư số 43/2018/TT-BYT ngày 26/12/2018 của Bộ Y tế, đơn vị tổng hợp "
    "các báo cáo sự cố y khoa đã gửi trong kỳ như sau:",
    "quarter": "Thực hiện Điều 6 khoản 2 Thông tư số 43/2018/TT-BYT ngày 26/12/2018 của Bộ Y tế, Sở Y tế tổng hợp "
    "các báo cáo sự cố y khoa nhận được trong kỳ và khuyến cáo như sau:",
}
# the parts of Article 6 item 1 point b, with the tables that belong to each
PARTS = (
    ("I. Số lượng báo cáo sự cố y khoa", ("duty", "levels", "letters", "reporters")),
    ("II. Tần suất xảy ra từng loại sự cố", ("types", "boxes", "serious", "places", "subjects")),
    ("III. Kết quả phân tích nguyên nhân gốc", ("analyses", "causes")),
)
LAST_PART = {
    "half_year": "IV. Giải pháp và khuyến cáo phòng ngừa đã đề xuất và được triển khai",
    "quarter": "IV. Khuyến cáo phòng ngừa của Sở Y tế và đề xuất với Bộ Y tế",
}
REPORTING = "Số cơ sở có báo cáo trong kỳ: %s."
CAPACITY = {
    "half_year": {Capacity.HEAD: "THỦ TRƯỞNG ĐƠN VỊ", Capacity.BY_ORDER: "TL. THỦ TRƯỞNG ĐƠN VỊ"},
    "quarter": {Capacity.HEAD: "LÃNH ĐẠO SỞ Y TẾ", Capacity.BY_ORDER: "TL. LÃNH ĐẠO SỞ Y TẾ"},
}
SIGNED = "Đã ký trên hệ thống lúc %s"
AS_OF = (
    "Số liệu tính đến %s, gồm các báo cáo gửi lần đầu trong kỳ; không tính bản nháp. Một sự cố thuộc nhiều nhóm được "
    "đếm ở từng nhóm, phần đếm lặp được trừ ở dòng riêng để các bảng khớp với tổng số. “Kỳ trước” cũng tính đến thời "
    "điểm này."
)
ACTIONS_AS_OF = "Giải pháp khắc phục: lập trong kỳ, tình trạng tại thời điểm nêu trên."
EDITION = "Bản số %s. Mã kiểm tra nội dung (SHA-256): %s."
REPLACES = "Bản này thay thế bản số %s (mã kiểm tra %s). Lý do: %s"
DRAFT = "BẢN XEM TRƯỚC – CHƯA KÝ"
