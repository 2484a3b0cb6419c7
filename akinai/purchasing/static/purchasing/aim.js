// 在庫の目標: the slider chooses one of the computed marks; without scripts the marks are chosen by themselves.
const form = document.querySelector("[data-aim]");
if (form) {
  const slide = form.querySelector("[data-aim-slide]");
  const points = [...form.querySelectorAll("[data-aim-point]")];
  const choose = (at) => {
    points.forEach((row, n) => row.classList.toggle("is-on", n === at));
    points[at].querySelector("input").checked = true;
    slide.value = String(at);
    slide.setAttribute("aria-valuetext", points[at].querySelector("label").textContent.trim());
  };
  slide.addEventListener("input", () => choose(Number(slide.value)));
  points.forEach((row, n) => row.querySelector("input").addEventListener("change", () => choose(n)));
  choose(Number(slide.value));
}
