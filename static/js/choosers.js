// Wagtail's date and time fields without inline scripts: the widget templates leave their settings in data attributes.
const STARTERS = { date: "initDateChooser", time: "initTimeChooser", datetime: "initDateTimeChooser" };

function start(root) {
  for (const holder of root.querySelectorAll("[data-chooser]:not([data-started])")) {
    const starter = window[STARTERS[holder.dataset.chooser]];
    const input = holder.querySelector("input");
    if (starter && input && input.id) {
      holder.dataset.started = "";
      starter(input.id, JSON.parse(holder.dataset.settings));
    }
  }
}

start(document);
new MutationObserver(() => start(document)).observe(document.body, { childList: true, subtree: true });
