"""The words of the annual report. It is a Vietnamese document, whoever looks at it, and its words stand here rather
than in the catalogue, so that a frozen one never changes with a translation."""

NAME = "Báo cáo năm"
TITLE = "BÁO CÁO KẾT QUẢ THỰC HIỆN CÁC VĂN BẢN CHỈ ĐẠO"
PERIOD = "Năm %s"
GROUNDS = (
    "Tổng hợp từ các nhiệm vụ giao cho cơ sở có hạn trong năm và các báo cáo cơ sở đã gửi. Gói báo cáo chỉ nêu số "
    "lượng, không nêu tên cơ sở; danh sách từng cơ sở tra trên hệ thống theo quyền xem."
)
PARTS = {
    "directives": "I. Văn bản chỉ đạo đang theo dõi",
    "obligations": "II. Kết quả theo nhiệm vụ",
    "units": "III. Kết quả theo loại hình cơ sở và địa bàn",
    "indicators": "IV. Chỉ số",
    "emulation": "V. Thi đua: đề xuất đã có quyết định",
    "words": "VI. Đánh giá chung và kiến nghị",
}
BY_DIRECTIVE, BY_OBLIGATION = "Văn bản", "Nhiệm vụ"
BY_TYPE, BY_FORMER = "Loại hình cơ sở", "Địa bàn (tỉnh cũ)"
COUNTS = ("Đến hạn", "Đúng hạn", "Trễ hạn", "Chưa báo cáo", "Bị trả lại", "Chấp nhận", "Tỷ lệ đúng hạn")
INDICATOR = "Chỉ số (đơn vị; mẫu số)"
INDICATOR_COUNTS = ("Số cơ sở", "Trung vị", "Thấp nhất", "Cao nhất", "Trung vị năm trước", "Ghi chú")
YES = "%s/%s đạt"
OTHERWISE = "%s giá trị năm %s đếm theo cách khác (%s), không so sánh"
MERIT, MERIT_COUNTS = "Đề xuất", ("Đồng ý", "Không đồng ý", "Chờ quyết định")
TOTAL, UNSAID = "Tổng số", "Không ghi"
NO_TEXT = "Không có."
AS_OF = (
    "Số liệu tính đến %s. “Đến hạn” gồm các nhiệm vụ đã qua hạn và các nhiệm vụ đã báo cáo trước hạn; bảng chỉ liệt kê "
    "dòng có nhiệm vụ đến hạn."
)
EDITION = "Bản số %s, lập bởi %s lúc %s. Mã kiểm tra nội dung (SHA-256): %s."
REPLACES = "Bản này thay thế bản số %s (mã kiểm tra %s). Lý do: %s"
DRAFT = "BẢN XEM TRƯỚC – CHƯA CHỐT"
FROZEN = "BẢN ĐÃ CHỐT SỐ LIỆU"
