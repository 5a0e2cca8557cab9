from tests.factories.workbench import *
from tests.factories.journey import *
def test_all(app, city):
    m = as_staff(app, city.manager)
    ref = submitted(as_applicant(app, city)); run_worker(app)
    print(m.get("/start", None).location)
    m.get("/workbench/"); m.get("/workbench/schemes/rent_by_education")
    d = start_draft(m)
    for p in ("", "/text", "/difference", "/preview", "/preview/check", "/preview/pages/identity", "/preview/pages/documents", "/papers/refusal", "/papers/certificate", *[f"/form/{s}" for s in ("basics","amounts","conditions","documents","questions","letters")]):
        m.get(f"/workbench/drafts/{d}{p}")
    set_field(m, d, "amounts", "mount for master", "950")
    assert "master: 950" in source_of(app, d)
    m.get(f"/workbench/drafts/{d}")
    m.get(f"/workbench/drafts/{d}/difference")
    for k in ("receipt","certificate","refusal"):
        m.post(f"/workbench/drafts/{d}/papers/{k}")
    run_worker(app)
    for k in ("receipt","certificate","refusal"):
        page=m.get(f"/workbench/drafts/{d}/papers/{k}").get_data(as_text=True)
        f=m.get(f"/workbench/drafts/{d}/papers/{k}/file", None)
        print(k, f.status_code, len(f.data)); open(f'/tmp/wb/{k}.pdf','wb').write(f.data)
    loc = m.post(f"/workbench/drafts/{d}/simulations").location
    m.get(loc); run_worker(app)
    page = m.get(loc).get_data(as_text=True)
    i=page.index('wb-figures'); print(page[i:i+1500])
    m.get(loc + "/applications"); f=m.get(loc + "/file"); open('/tmp/wb/s.xlsx','wb').write(f.data)
    propose(m, d)
    s = as_staff(app, city.second_manager)
    s.get(f"/workbench/drafts/{d}")
    m.post(f"/workbench/drafts/{d}/publish", {"publish-valid_from": "2026-12-01"}, 403)
    s.post(f"/workbench/drafts/{d}/publish", {"publish-valid_from": "2026-12-01"})
    s.get("/workbench/schemes/rent_by_education"); s.get("/workbench/schemes/rent_by_education/compare")
    s.get("/workbench/schemes/rent_by_education/versions/2/withdraw")
    s.post("/workbench/schemes/rent_by_education/versions/2/withdraw", {"from_day": "2026-12-05", "reason": "x"})
    s.get("/workbench/schemes/rent_by_education")
