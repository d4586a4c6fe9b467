import dev.sitelift.*;

/** What a user does first with the JAR. */
class Check {
    public static void main(String[] arguments) {
        if (Interop.helloThere(new TestData("test", 0)).getLen() != 34) throw new AssertionError();
        Site site = Sites.fromHtml(Site.Companion, "<title>Hi</title>".getBytes(), "https://a.example/");
        if (!Interop.echo(site).equals(site) || !"Hi".equals(site.getTitle())) throw new AssertionError();
        System.out.println(Interop.version());
    }
}
