"""The verbs with which duties are said, in accent-free small letters. They end the name of whoever is meant."""

_VERBS = """
    ap dung, ban hanh, bao cao, bao dam, bao quan, bao ve, bien che, bien soan, bo sung, bo tri, boi duong,
    cai tien, cam ket, can, can cu, can doi, canh bao, cap, cap nhat, cap phat, cat giam, cham dut, chan
    chinh, chap hanh, chi dao, chiu trach nhiem, chu dong, chu tri, chu trong, chua, chuan bi, chuyen, co giai
    phap, co trach nhiem, cong bo, cong khai, cu, cung cap, cung co, da, dam bao, dam nhan, dan, dang, dang
    ky, dang tai, danh gia, dao tao, dat, day manh, de, de nghi, de xuat, dien tap, dieu chinh, dieu tra, dieu
    tri, dinh ky, doi chieu, don doc, don tiep, dong vien, du tru, dua, duoc giao, duy tri, gan, ghi, ghi
    nhan, giai quyet, giam sat, giao, giu, goi, gop y, gui, hang nam, hang ngay, hang quy, hang thang, hang
    tuan, ho tro, hoan thanh, hoan thien, hop, huong dan, huy dong, in, ke khai, ket noi, khac phuc, khan
    truong, khao sat, khi, khong, khuyen khich, kiem diem, kiem ke, kiem soat, kiem tra, kien toan, kip thoi,
    ky, ky cam ket, lam, lap, lap dat, lay mau, lien he, lua chon, luu, mo, moi quy, moi thang, moi tuan, mua
    sam, nam bat, nang cao, neu, ngan chan, nghiem cam, nghiem tuc, nghien cuu, nhac nho, nhap, niem yet, noi,
    nop, phai, phan bo, phan cong, phan loai, phan tich, phat, phat hien, phe duyet, pho bien, phoi hop, phong
    ngua, quan ly, quan triet, ra soat, san sang, sap xep, se, so ket, su dung, sua chua, tai, tang cuong, tao
    dieu kien, tap huan, tap trung, tham dinh, tham gia, tham muu, thanh lap, thay the, theo, theo doi, thiet
    lap, thong bao, thong ke, thu, thuc hien, thuong truc, thuong xuyen, tiep nhan, tiep tuc, tim hieu, to
    chuc, tong hop, tong ket, tra, tra loi, trang bi, tren co so, treo, trien khai, trinh, truc ban, truc
    tiep, truyen thong, tu choi, tu danh gia, tu kiem tra, tu ra soat, tuan thu, tuyen truyen, uu tien, van chuyen, van
    dong, van hanh, xac minh, xac nhan, xay dung, xem xet, xu ly, yeu cau
"""

# the longest first: "tự kiểm tra" before "kiểm tra"
DUTY_VERBS = "|".join(sorted((" ".join(verb.split()) for verb in _VERBS.split(",")), key=len, reverse=True))

# Short ones that other words turn into without their accents ("chữa" is no "chưa"): how they must be printed.
ACCENTED = {
    "can": {"cần"},
    "cap": {"cấp"},
    "chua": {"chưa"},
    "cu": {"cử"},
    "da": {"đã"},
    "dan": {"dán"},
    "dang": {"đăng"},
    "dat": {"đạt", "đặt"},
    "de": {"để"},
    "dua": {"đưa"},
    "gan": {"gắn"},
    "giao": {"giao"},
    "giu": {"giữ"},
    "goi": {"gọi"},
    "hop": {"họp"},
    "in": {"in"},
    "khi": {"khi"},
    "khong": {"không"},
    "ky": {"ký"},
    "lam": {"làm"},
    "lap": {"lập"},
    "mo": {"mở"},
    "nhap": {"nhập"},
    "noi": {"nói"},
    "nop": {"nộp"},
    "phai": {"phải"},
    "phat": {"phát"},
    "se": {"sẽ"},
    "tai": {"tại"},
    "theo": {"theo"},
    "thu": {"thu"},
    "tra": {"trả", "tra"},
    "treo": {"treo"},
    "trinh": {"trình"},
    "kip thoi": {"kịp thời"},
    "dieu tri": {"điều trị"},
    "dinh ky": {"định kỳ"},
}
