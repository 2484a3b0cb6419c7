// 入荷の読み取り: the desk that all papers with lines share.
import "../ui/js/scan_lines.js";
